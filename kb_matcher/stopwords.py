"""Words that carry no subject: a question made of them resembles every other question."""

from kb_matcher.normalise import words

STOPWORDS = frozenset(
    words(
        """
        а без более бы был была были было быть в вам вами вас ваш ваша ваше ваши весь во вообще вот все всё всего
        всех вы где да даже для до его ее если есть еще же за и из или им их к как какая какие какой какое каком
        какую кто ко когда которая которые который куда ли либо лишь меня мне мной много могу может можете можно
        мой моя мое мои мою моего моей мы на над надо нам нас наш не него нее нет ни них но ну о об однако он она
        они оно от очень по под почему при про просто раз с сам сама свой своя свое свои со так такая такие такой
        также там те тебя тем то тогда того тоже только том тот ту ты у уже хочу хотел хотела чем через что чтобы
        чтото эта эти это этого этой этом этот эту я нужно нужен нужна буду будет будут делать сделать пожалуйста
        подскажите скажите здравствуйте привет спасибо вопрос зачем ведь a about after all also am an and any are
        as at be because been before being but by can cant could did didnt do does doesnt doing dont for from get
        getting give got had has have having he help her here hers him his how i id if ill im in into is isnt it
        its ive just know let like made make may me might mine more most much must my need no not now of off on
        one only or other our out over please shall she should so some such tell than that thats the their them
        then there these they thing this those through to too try trying up us very want wanted was wasnt way we
        were what whats when where which while who why will with wont would wouldnt you your yours hello hi hey
        thanks thank
        """
    )
)
