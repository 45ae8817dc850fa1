/** Signs that people of a desk use, with the words they are found by, Russian and English. */

const LIST = `
😀 улыбка радость|smile grin
😂 смех слезы|joy laugh tears
🙂 улыбка легкая|slight smile
😉 подмигивание|wink
😊 румянец улыбка|blush smile
😍 восторг сердечки|heart eyes love
😘 поцелуй|kiss
🥰 нежность|affection love
😎 круто очки|cool sunglasses
🤔 думаю задумчивый|thinking
🤗 обнимаю|hug
🙃 вверхногами|upside down
😅 неловко пот|sweat awkward
😢 грусть слеза|sad cry
😭 плач рыдание|sob cry
😞 разочарование|disappointed
😔 печаль|pensive
😟 тревога|worried
😮 удивление|surprised wow
😱 ужас крик|scream
😡 злость гнев|angry rage
🤒 болею температура|sick fever
😴 сон сплю|sleep
🤝 рукопожатие договорились|handshake deal
👍 палецвверх хорошо да|thumbs up yes good
👎 палецвниз плохо нет|thumbs down no bad
👌 ок отлично|ok perfect
👏 аплодисменты браво|clap bravo
🙏 спасибо пожалуйста прошу|thanks please pray
💪 сила мускул|strong muscle
👋 привет пока рука|hello bye wave
✌️ победа мир|victory peace
🤞 удачи пальцы|fingers crossed luck
☝️ внимание палец|point up attention
👇 ниже вниз|below down
👉 сюда вправо|here right
✍️ пишу запись|writing
❤️ сердце любовь|heart love
💔 разбитоесердце|broken heart
💚 зеленоесердце|green heart
⭐ звезда|star
🌟 сияние звезда|glowing star
✨ искры блеск|sparkles
🔥 огонь|fire hot
🎉 праздник поздравляю|party congratulations
🎁 подарок|gift present
🎂 торт деньрождения|cake birthday
🎈 шар|balloon
💐 букет цветы|bouquet flowers
🌹 роза|rose
☀️ солнце|sun
🌧️ дождь|rain
❄️ снег холод|snow cold
⛄ снеговик|snowman
🎄 елка новыйгод|christmas tree
☕ кофе чай|coffee tea
🍰 пирожное|cake dessert
🍕 пицца|pizza
🍎 яблоко|apple
✅ готово галочка да|done check yes
☑️ отмечено|checked
❌ нет крестик|no cross
❗ важно восклицание|important exclamation
❓ вопрос|question
⚠️ внимание предупреждение|warning attention
🚫 запрещено|forbidden
💯 сто отлично|hundred perfect
➕ плюс|plus
➖ минус|minus
➡️ стрелкавправо|arrow right
⬅️ стрелкавлево|arrow left
⬆️ стрелкавверх|arrow up
⬇️ стрелкавниз|arrow down
🔄 обновить повтор|refresh repeat
⏰ будильник время|alarm time
⏳ ждите песочныечасы|wait hourglass
🕐 часы время|clock time
📅 календарь дата|calendar date
📌 закрепить кнопка|pin
📍 место метка|location pin
🗺️ карта|map
📎 скрепка файл|paperclip file
📄 документ страница|document page
📋 список|list clipboard
📝 заметка запись|note memo
📷 фото камера|photo camera
🖼️ картинка|picture
🎥 видео|video camera
📞 звонок телефон|call phone
📱 мобильный смартфон|mobile smartphone
✉️ письмо почта|letter mail
📧 электроннаяпочта|email
💬 сообщение чат|message chat
🔔 уведомление звонок|bell notification
🔍 поиск лупа|search magnifier
🔗 ссылка|link
🔑 ключ доступ|key access
🔒 замок закрыто|lock closed
🔓 открыто|unlock open
🛠️ ремонт инструменты|repair tools
🔧 гаечныйключ настройка|wrench setup
⚙️ шестеренка настройки|gear settings
💡 идея лампочка|idea bulb
🔋 батарея заряд|battery charge
🔌 розетка питание|plug power
💻 ноутбук компьютер|laptop computer
🖨️ принтер печать|printer print
🛒 корзина покупки|cart shopping
🛍️ покупки пакеты|shopping bags
📦 посылка коробка заказ|parcel box order
🚚 доставка грузовик|delivery truck
🚀 ракета быстро|rocket fast
✈️ самолет|plane
🚗 машина|car
🚲 велосипед|bicycle
🏠 дом адрес|home address
🏢 офис здание|office building
🏪 магазин|shop store
🏦 банк|bank
💳 карта оплата|card payment
💰 деньги сумма|money
💵 купюры наличные|cash banknotes
🧾 чек квитанция|receipt
🏷️ скидка ценник|discount price tag
📈 рост график|growth chart
📉 падение график|decline chart
🥇 первоеместо|first place
🏆 кубок победа|trophy win
👤 человек клиент|person customer
👥 люди команда|people team
👶 ребенок|baby child
🐱 кот кошка|cat
🐶 собака|dog
🌍 мир земля|world earth
🆗 окей|ok
🆕 новинка новое|new
🆘 помощь|help sos
♻️ переработка|recycle
🤖 бот робот|bot robot
🙋 поднятаярука вопрос|raising hand
🤷 незнаю|shrug
🙈 неловко обезьянка|see no evil
🕊️ голубь мир|dove peace
`;

/** @type {{sign: string, ru: string, en: string}[]} */
export const EMOJI = LIST.trim()
  .split('\n')
  .map((line) => {
    const [sign, ...rest] = line.split(' ');
    const [ru, en] = rest.join(' ').split('|');
    return {sign, ru, en};
  });
